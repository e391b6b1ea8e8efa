using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal interface IShelfCheck<TSelf>
    where TSelf : IShelfCheck<TSelf>
{
    static abstract CopyState StateOf(TSelf self); // finds: module-references "uses ModularMonolith.Shelves.Copies.CopyState" → ModularMonolith.Shelves.Copies.CopyState
}
