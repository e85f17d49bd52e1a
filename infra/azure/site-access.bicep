// The right to act on one site that is already there, slots included; its group and its neighbours stay out of reach.

@description('Name of the site.')
param siteName string
@description('Name of the role with exactly what is done to a site.')
param roleName string
@description('Principal of the deployer.')
param deployerPrincipalId string

resource site 'Microsoft.Web/sites@2024-04-01' existing = {
  name: siteName
}

resource deployerActs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(site.id, deployerPrincipalId, roleName)
  scope: site
  properties: {
    principalId: deployerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
  }
}

output siteLocation string = site.location
