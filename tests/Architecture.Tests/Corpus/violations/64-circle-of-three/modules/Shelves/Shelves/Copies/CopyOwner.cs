using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Shelves.Copies;

internal sealed class CopyOwner
{
    public static bool Owes(ReaderView reader) => reader.Standing != ReaderStanding.Good; // finds: no-module-cycles "depends on itself: shelves → readers → lending → shelves"
}
