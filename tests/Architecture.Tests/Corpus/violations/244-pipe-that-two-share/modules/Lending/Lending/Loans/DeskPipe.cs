using System.IO.Pipes;

namespace ModularMonolith.Lending.Loans;

internal static class DeskPipe
{
    public static NamedPipeClientStream Open() => new(".", "front-desk"); // finds: files-are-own "uses the file or lock 'front-desk', which Readers uses too"
}
