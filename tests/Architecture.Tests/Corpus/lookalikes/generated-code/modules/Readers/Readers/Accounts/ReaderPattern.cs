using System.CodeDom.Compiler;

namespace ModularMonolith.Readers.Accounts;

internal static class ReaderPattern
{
    public static Guid Next() => Made();

#line 1 "obj/Generated/ReaderPattern.g.cs"
    [GeneratedCode("a generator", "1.0")]
    private static Guid Made() => Guid.NewGuid();
#line default
}
