using System.IO.Pipes;

namespace ModularMonolith.Readers.Accounts;

internal static class DeskPipe
{
    public static NamedPipeServerStream Open() => new("front-desk"); // finds: files-are-own "uses the file or lock 'front-desk', which Lending uses too"
}
