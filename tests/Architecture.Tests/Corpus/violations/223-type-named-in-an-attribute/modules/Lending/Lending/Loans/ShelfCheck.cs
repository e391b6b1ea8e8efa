using System.ComponentModel;

namespace ModularMonolith.Lending.Loans;

[TypeConverter("ModularMonolith.Shelves.Copies.CopyConverter, ModularMonolith.Shelves")] // finds: no-reflection-by-name "names ModularMonolith.Shelves.Copies.CopyConverter of Shelves in an attribute"
internal sealed class ShelfCheck;
