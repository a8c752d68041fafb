-- Which organizations cannot sign their people in, or have nobody to run them?
-- Lists every organization, looks for a verified domain and an active admin, invites an admin where there is none,
-- and reports what it found. Runs as it is on the local server:
--
--   ./kosmo integrations:lua examples/tour.lua --local

local workos = app.integrations.workos

-- Every item of a list, page after page.
local function all(list, args)
  local items = {}
  args.limit = 100
  repeat
    local page = list(args)
    for _, item in ipairs(page.data) do items[#items + 1] = item end
    args.after = page.list_metadata.after
  until not args.after
  return items
end

local function has_verified_domain(organization)
  for _, domain in ipairs(organization.domains) do
    if domain.state == "verified" then return true end
  end
  return false
end

local function admins_of(organization)
  local admins = {}
  local memberships = all(workos.list_organization_memberships, {
    organization_id = organization.id,
    statuses = { "active" },
  })
  for _, membership in ipairs(memberships) do
    if membership.role.slug == "admin" then admins[#admins + 1] = membership.user_id end
  end
  return admins, #memberships
end

-- An invitation that is still open counts: running this twice must not invite twice.
local function open_invitation(organization)
  for _, invitation in ipairs(all(workos.list_invitations, { organization_id = organization.id })) do
    if invitation.state == "pending" and invitation.role_slug == "admin" then return invitation end
  end
end

local function invite_admin(organization)
  local domain = organization.domains[1]
  local host = domain and domain.domain or "example.com"
  return workos.send_invitation{
    email = "admin@" .. host,
    organization_id = organization.id,
    role_slug = "admin",
  }
end

local report = {}
for _, organization in ipairs(all(workos.list_organizations, { order = "asc" })) do
  local admins, members = admins_of(organization)
  local invitation
  if #admins == 0 then
    invitation = open_invitation(organization) or invite_admin(organization)
  end
  report[#report + 1] = {
    organization = organization.name,
    members = members,
    admins = #admins,
    verified_domain = has_verified_domain(organization),
    invited = invitation and invitation.email,
  }
end

print(string.format("%-28s %7s %6s  %-15s %s", "Organization", "Members", "Admins", "Verified domain", "Invited as admin"))
for _, row in ipairs(report) do
  print(string.format("%-28s %7d %6d  %-15s %s", row.organization, row.members, row.admins,
    row.verified_domain and "yes" or "no", row.invited or "-"))
end

local invited = json.array{}
for _, row in ipairs(report) do
  if row.invited then invited[#invited + 1] = { organization = row.organization, email = row.invited } end
end
return { organizations = #report, invited = invited }
