using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal interface IShelfCheck
{
    string Title(object found)
    {
        return found is Copy ? "copy" : "none"; // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
    }
}
