-- wrk: GET with one key after the other, so that each stays within its rate.
--   KEYS    API keys, a blank between
dofile(os.getenv("RESULT"))

local requests = {}
local count = 0

function init(arguments)
  for key in os.getenv("KEYS"):gmatch("%S+") do
    requests[#requests + 1] = wrk.format("GET", nil, { ["Host"] = wrk.host .. ":" .. wrk.port, ["X-Api-Key"] = key })
  end
end

function request()
  count = count + 1
  return requests[count % #requests + 1]
end
