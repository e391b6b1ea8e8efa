using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>Looks for calls by the names that are written, which is cheap and says where to look closer.</summary>
internal static class CodeCalls
{
    /// <summary>Whether a member of one of these names is written somewhere in the code.</summary>
    public static bool Any(ImmutableArray<IOperation> blocks, params string[] names) =>
        blocks.Any(block => block.Syntax.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => Array.IndexOf(names, name.Identifier.ValueText) >= 0));
}
