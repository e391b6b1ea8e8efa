using System.Collections.Concurrent;
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
        var checks = new Checks(new SqlCheck(place), new ReflectionCheck(place, context.Compilation), new NameCheck(place), new AddressCheck(place));
        context.RegisterSymbolStartAction(start => StartType(start, checks), SymbolKind.NamedType);
    }

    // Whether texts are addresses is known when all of a type is known, the types in it included.
    private static void StartType(SymbolStartAnalysisContext context, Checks checks)
    {
        if (context.Symbol.ContainingType is not null)
        {
            return;
        }

        var addresses = new ConcurrentQueue<Diagnostic>();
        var isClient = new Flag();
        context.RegisterOperationBlockAction(block =>
        {
            var texts = CodeTexts.Read(block.OperationBlocks, block.CancellationToken);
            var member = new TextMember(block.OwningSymbol.CodeName(), texts, block.ReportDiagnostic);
            checks.Sql.Check(member);
            checks.Reflection.Check(member);
            checks.Names.Check(member);
            checks.Addresses.Check(member, addresses.Enqueue);
            if (texts.SendsHttp)
            {
                isClient.IsSet = true;
            }
        });
        context.RegisterSymbolEndAction(end =>
        {
            if (isClient.IsSet)
            {
                foreach (var address in addresses)
                {
                    end.ReportDiagnostic(address);
                }
            }
        });
    }

    private sealed record Checks(SqlCheck Sql, ReflectionCheck Reflection, NameCheck Names, AddressCheck Addresses);

    private sealed class Flag
    {
        private volatile bool _isSet;

        public bool IsSet
        {
            get => _isSet;
            set => _isSet = value;
        }
    }
}

/// <summary>The code of a member, with its texts.</summary>
/// <param name="From">Type and member, as a person names them.</param>
/// <param name="Texts">Its texts.</param>
/// <param name="Report">Reports what is found.</param>
internal sealed record TextMember(string From, CodeTexts Texts, Action<Diagnostic> Report)
{
    public void Found(DiagnosticDescriptor rule, Location location, string what) => Report(Diagnostic.Create(rule, location, From, what));
}
