// What may be done to a site, as a role of the resource group it lies in.

@description('What makes names unique.')
param token string

// Exactly what the deployer does to a site, and nothing wider. infra/local/declaration.json holds the same list, and the local Azure
// refuses what is not in it.
var siteActions = [
  'Microsoft.Web/sites/read'
  'Microsoft.Web/sites/config/read'
  'Microsoft.Web/sites/config/list/action'
  'Microsoft.Web/sites/slots/read'
  'Microsoft.Web/sites/slots/config/read'
  'Microsoft.Web/sites/slots/config/write'
  'Microsoft.Web/sites/slots/config/list/action'
  'Microsoft.Web/sites/slots/slotsswap/action'
  'Microsoft.Web/sites/slots/resetSlotConfig/action'
  'Microsoft.Web/sites/slots/operationresults/read'
  'Microsoft.Web/sites/slots/operations/read'
  'Microsoft.Web/sites/publish/action'
  'Microsoft.Web/sites/slots/publish/action'
]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, token, 'acts on sites')
  properties: {
    // Unlike any other of the tenant.
    roleName: 'Warmswap on a site (${uniqueString(resourceGroup().id, token)})'
    description: 'Stages, swaps and reads App Service slots; nothing else.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      { actions: siteActions, notActions: [], dataActions: [], notDataActions: [] }
    ]
  }
}

output roleName string = role.name
