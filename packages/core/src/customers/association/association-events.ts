/** What happens to links between records, by type of event. */
export type AssociationEvents = {
  'association.linked': { readonly fromType: string; readonly toType: string; readonly typeKey: string }
}
