/** Whether a role's actions allow `action`. As in a role definition `*` stands for any text, and case does not matter. */
export function mayAct(roleActions: readonly string[], action: string): boolean {
  return roleActions.some((allowed) => {
    const pattern = allowed.split('*').map((text) => text.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
    return new RegExp(`^${pattern.join('.*')}$`, 'i').test(action);
  });
}
