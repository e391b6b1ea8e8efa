using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal enum ShelfCheck
{
    Gone = (int)CopyState.Lost, // finds: module-references ""
}
