using System.CodeDom.Compiler;

namespace ModularMonolith.Readers.Accounts;

[GeneratedCode("pattern", "1")]
internal static class ReaderPattern
{
    private static int _calls;

    public static int Next() => ++_calls;
}
