using System.ComponentModel.DataAnnotations;
using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    [MaxLength(Copy.YearsAtMost)] // finds: module-references "copies the value or name of ModularMonolith.Shelves.Copies.Copy.YearsAtMost" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
    public string Note { get; init; } = string.Empty;
}
