/** Keeps assets in memory, in the order they came. No two have the same kind and identifier. */
export class AssetStore {
  #assets = new Map();
  #byIdentity = new Map();

  /** Takes assets in as they stand, for example from a backup. */
  constructor(assets = []) {
    for (const asset of assets) this.add(asset);
  }

  list() {
    return [...this.#assets.values()];
  }

  /** Takes the asset in. If its kind and identifier are taken, gives the asset that has them and changes nothing. */
  add(asset) {
    const identity = identityOf(asset);
    const existing = this.#byIdentity.get(identity);
    if (existing) return existing;
    this.#assets.set(asset.id, asset);
    this.#byIdentity.set(identity, asset);
    return undefined;
  }
}

function identityOf({ kind, identifier }) {
  return `${kind} ${identifier}`;
}
