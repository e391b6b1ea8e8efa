using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>The modules that a manifest names, and of which the code uses nothing. Names are looked up only until something of theirs is found.</summary>
internal sealed class Dependencies
{
    private readonly Manifest _manifest;
    private readonly ModulePlace _place;
    private readonly ConcurrentDictionary<string, bool> _unused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(IAssemblySymbol Assembly, string Module)>> _owners = new(StringComparer.Ordinal);

    public Dependencies(Manifest manifest, ModulePlace place)
    {
        _manifest = manifest;
        _place = place;
        foreach (var name in manifest.DependsOn)
        {
            _unused[name] = true;
        }
    }

    public void Start(CompilationStartAnalysisContext context)
    {
        foreach (var assembly in context.Compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (_place.OtherOwnerOf(assembly.Name) is { } owner && _place.Modules[owner] is var module && _unused.ContainsKey(module))
            {
                foreach (var type in ModuleTypes.All(assembly.GlobalNamespace))
                {
                    (_owners.TryGetValue(type.Name, out var owners) ? owners : _owners[type.Name] = []).Add((assembly, module));
                }
            }
        }

        if (_owners.Count > 0)
        {
            context.RegisterSyntaxNodeAction(See, SyntaxKind.IdentifierName, SyntaxKind.GenericName);
        }

        if (!_unused.IsEmpty)
        {
            context.RegisterCompilationEndAction(Report);
        }
    }

    private void See(SyntaxNodeAnalysisContext context)
    {
        var name = (SimpleNameSyntax)context.Node;
        if (!_owners.TryGetValue(name.Identifier.ValueText, out var owners) || !owners.Exists(owner => _unused.ContainsKey(owner.Module)) || name.IsPartOfStructuredTrivia())
        {
            return;
        }

        var symbol = context.SemanticModel.GetSymbolInfo(name, context.CancellationToken).Symbol;
        foreach (var (assembly, module) in owners)
        {
            if (SymbolEqualityComparer.Default.Equals(symbol?.ContainingAssembly, assembly))
            {
                _unused.TryRemove(module, out _);
            }
        }
    }

    private void Report(CompilationAnalysisContext context)
    {
        foreach (var name in _unused.Keys.OrderBy(static name => name, StringComparer.Ordinal))
        {
            var written = _manifest.Syntax?.GetSyntax(context.CancellationToken).DescendantNodes().OfType<LiteralExpressionSyntax>().FirstOrDefault(literal => literal.Token.ValueText == name && literal.FirstAncestorOrSelf<AttributeArgumentSyntax>()?.NameEquals is not null);
            context.ReportDiagnostic(Diagnostic.Create(Rules.ManifestNamesDependencies, written?.GetLocation() ?? Location.None, _place.Name, $"declares '{name}' and does not use it"));
        }
    }
}
