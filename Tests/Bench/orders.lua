-- wrk: POST /orders by 64 guests.
--   DRINK   the drink's id
--   API_KEY and TOKENS, of each guest, a blank between
--   KEYS    ordered, random or none: the Idempotency-Key of each order
--   RUN     eight hexadecimal digits that no other run of the same log has
--   PACE    mean milliseconds between an answer and the connection's next order; none for at once
dofile(os.getenv("RESULT"))

local drink = os.getenv("DRINK")
local keys = os.getenv("KEYS")
local run = os.getenv("RUN")
local pace = tonumber(os.getenv("PACE") or "0")
local count = 0
local body = '{"drink_id":"' .. drink .. '","quantity":1}'
local rest = "Content-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
local random = math.random

function init(arguments)
  math.randomseed(tonumber(run, 16))
  local host = "Host: " .. wrk.host .. ":" .. wrk.port .. "\r\n"
  starts = {}
  for token in os.getenv("TOKENS"):gmatch("%S+") do
    starts[#starts + 1] = "POST /orders HTTP/1.1\r\n" .. host .. "X-Api-Key: " .. os.getenv("API_KEY")
      .. "\r\nAuthorization: Bearer " .. token .. "\r\n"
  end
end

-- Both kinds of key cost the client the same and are equally long.
function request()
  count = count + 1
  local start = starts[count % #starts + 1]
  if keys == "none" then return start .. rest end
  local a, b, c = random(0, 4294967295), random(0, 4294967295), random(0, 4294967295)
  if keys == "ordered" then a, b, c = 0, 0, count end
  return start .. string.format("Idempotency-Key: %s%08x%08x%08x\r\n", run, a, b, c) .. rest
end

-- wrk has no pace of its own. Delays that differ keep the connections from going in step.
if pace > 0 then
  function delay() return random(1, 2 * pace - 1) end
end
