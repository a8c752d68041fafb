-- Checks the account's own API key.
local workos = app.integrations.workos
local result = workos.validate_api_key({})
dump(result)
