using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ModularMonolith.Analyzers;

/// <summary>What a module's [Module] attribute says.</summary>
internal sealed class Manifest
{
    private const string AttributeName = "ModularMonolith.Platform.Modules.ModuleAttribute";

    private Manifest(ImmutableArray<string> dependsOn, SyntaxReference? syntax)
    {
        DependsOn = dependsOn;
        Syntax = syntax;
    }

    /// <summary>The names of the modules whose Contracts the module may use.</summary>
    public ImmutableArray<string> DependsOn { get; }

    /// <summary>Where the attribute is written.</summary>
    public SyntaxReference? Syntax { get; }

    /// <summary>The manifest of the module that a compilation is; null when it has none.</summary>
    public static Manifest? Find(Compilation compilation, CancellationToken cancellationToken)
    {
        if (compilation.GetTypeByMetadataName(AttributeName) is not { } attribute)
        {
            return null;
        }

        // By its usual name it is found without a look at the other classes.
        var found = compilation.GetSymbolsWithName(static name => name.EndsWith("Module", StringComparison.Ordinal), SymbolFilter.Type, cancellationToken).Select(type => type.AttributeOf(attribute)).FirstOrDefault(static data => data is not null)
            ?? compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type, cancellationToken).Select(type => type.AttributeOf(attribute)).FirstOrDefault(static data => data is not null);
        if (found is null)
        {
            return null;
        }

        var named = found.NamedArguments.FirstOrDefault(static argument => argument.Key == "DependsOn").Value;
        return new Manifest(named.Kind == TypedConstantKind.Array && !named.IsNull ? [.. named.Values.Select(static value => value.Value).OfType<string>()] : [], found.ApplicationSyntaxReference);
    }
}
