/** Three lanes that only say what they would do; people are told in one channel. */
export const appsYaml = `apps:
  shop:
    slack: { channel: "#deployments" }
    environments:
      production:
        mode: observe
        site: { subscription: 00000000-0000-0000-0000-0000000000aa, resourceGroup: shop, name: shop }
      preview:
        mode: observe
        site: { subscription: 00000000-0000-0000-0000-0000000000aa, resourceGroup: shop, name: shop-preview }
  desk:
    environments:
      production:
        mode: observe
        site: { subscription: 00000000-0000-0000-0000-0000000000aa, resourceGroup: shop, name: desk }
`;
