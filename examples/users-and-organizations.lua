-- Three names lead to every operation; these are a full name and a path alias.
local orgs = app.integrations.workos.workos_organizations_list({ limit = 25 })
local user = app.integrations.workos.workos_user_management_users_get({ user_id = "user_123" })

print(#orgs.data .. " organizations, and " .. user.email)
