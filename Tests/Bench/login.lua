-- wrk: POST /auth/login with wrong passwords, of a name that is there and of many that are not.
--   PACE    mean milliseconds between an answer and the connection's next try
dofile(os.getenv("RESULT"))

local pace = tonumber(os.getenv("PACE"))
local count = 0

function init(arguments) math.randomseed(os.time()) end

function request()
  count = count + 1
  local name = count % 2 == 0 and "host" or "nobody" .. count
  return wrk.format("POST", nil, nil, string.format('{"username":"%s","password":"wrong-%d"}', name, count))
end

function delay() return math.random(1, 2 * pace - 1) end
