/** The least an owner writes. */
export const appsYaml = `
apps:
  storefront:
    environments:
      production:
        site:
          subscription: 11111111-2222-3333-4444-555555555555
          resourceGroup: shop
          name: storefront
`;
