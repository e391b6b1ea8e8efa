using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>Ways between modules that stand in texts: SQL, addresses, keys, files, and names of types.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class TextAnalyzer : BoundaryAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        [Rules.SqlStaysInItsSchema, Rules.NoReflectionByName, Rules.RoutesStayInTheModule, Rules.CacheKeysAreOwn, Rules.FilesAreOwn, Rules.NoHttpToOurselves];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var sql = new SqlCheck(place);
        var reflection = new ReflectionCheck(place, context.Compilation);
        var names = new NameCheck(place);
        var addresses = new AddressCheck(place);
        context.RegisterOperationBlockAction(block =>
        {
            var texts = CodeTexts.Read(block.OperationBlocks, block.CancellationToken);
            var member = new TextMember(block.OwningSymbol, texts, block.ReportDiagnostic);
            sql.Check(member);
            reflection.Check(member);
            names.Check(member);
            addresses.Check(member, block.CancellationToken);
        });
    }
}

/// <summary>The code of a member, with its texts.</summary>
/// <param name="Symbol">The member.</param>
/// <param name="Texts">Its texts.</param>
/// <param name="Report">Reports what is found.</param>
internal sealed record TextMember(ISymbol Symbol, CodeTexts Texts, Action<Diagnostic> Report)
{
    public void Found(DiagnosticDescriptor rule, Location location, string what) => Report(Diagnostic.Create(rule, location, Symbol.CodeName(), what));
}
