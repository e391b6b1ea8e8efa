using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal interface IShelfCheck
{
    event Action<Copy> Changed; // finds: module-references ""
}
