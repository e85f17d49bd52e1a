// Secrets come in as secure parameters and go to the vault alone; the apps hold references. One that is not given is not kept, is no
// setting, and opens nothing.

@description('Region of the vault.')
param location string
@description('Tags of every resource.')
param tags object
@description('What makes names unique.')
param token string
@description('Who may call, as JSON; see WARMSWAP_TOKENS in the README.')
@secure()
param tokens string
@description('Bot token of the Slack app.')
@secure()
param slackToken string
@description('Signing secret of the Slack app.')
@secure()
param slackSigningSecret string
@description('Principal of the ingress.')
param ingressPrincipalId string
@description('Principal of the deployer.')
param deployerPrincipalId string

// Whether each is given. What is said of a secret further down is said of these.
var hasTokens = !empty(tokens)
var hasSlackToken = !empty(slackToken)
var hasSlackSigningSecret = !empty(slackSigningSecret)

// Built-in: reads the value of a secret, here of a single one.
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-warm-${token}'
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
  }
}

resource tokensSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (hasTokens) {
  parent: vault
  name: 'tokens'
  properties: { value: tokens, contentType: 'application/json' }
}

resource slackTokenSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (hasSlackToken) {
  parent: vault
  name: 'slack-token'
  properties: { value: slackToken }
}

resource slackSigningSecretSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (hasSlackSigningSecret) {
  parent: vault
  name: 'slack-signing-secret'
  properties: { value: slackSigningSecret }
}

resource ingressReadsTokens 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasTokens) {
  name: guid(tokensSecret.id, ingressPrincipalId, secretsUser)
  scope: tokensSecret
  properties: {
    principalId: ingressPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource deployerReadsSlackToken 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasSlackToken) {
  name: guid(slackTokenSecret.id, deployerPrincipalId, secretsUser)
  scope: slackTokenSecret
  properties: {
    principalId: deployerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource ingressReadsSigningSecret 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasSlackSigningSecret) {
  name: guid(slackSigningSecretSecret.id, ingressPrincipalId, secretsUser)
  scope: slackSigningSecretSecret
  properties: {
    principalId: ingressPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

output vaultName string = vault.name
// With the version: an app takes a new one when its settings change, and else some time within a day.
output tokensUri string = hasTokens ? tokensSecret!.properties.secretUriWithVersion : ''
output slackTokenUri string = hasSlackToken ? slackTokenSecret!.properties.secretUriWithVersion : ''
output slackSigningSecretUri string = hasSlackSigningSecret ? slackSigningSecretSecret!.properties.secretUriWithVersion : ''
