using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>Questions about symbols that several analyzers ask.</summary>
internal static class Symbols
{
    /// <summary>Type and member as a person names them; a constructor is its type, and a lambda belongs to the member around it.</summary>
    public static string PlaceName(this ISymbol symbol)
    {
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
        {
            symbol = symbol.ContainingSymbol;
        }

        if (symbol is IMethodSymbol { AssociatedSymbol: { } property })
        {
            symbol = property;
        }

        return symbol switch
        {
            INamedTypeSymbol type => type.ContainingType is { } around ? around.PlaceName() + "." + type.Name : type.Name,
            IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } => symbol.ContainingType.PlaceName(),
            { ContainingType: { } type } => type.PlaceName() + "." + symbol.Name.Substring(symbol.Name.LastIndexOf('.') + 1),
            _ => symbol.Name,
        };
    }

    /// <summary>The same for code: what a field or a property is initialised with is code of its type's constructors.</summary>
    public static string CodeName(this ISymbol symbol) => (symbol is IFieldSymbol or IPropertySymbol ? symbol.ContainingType : symbol).PlaceName();

    /// <summary>A type's name with its namespace and without type arguments, nested types with dots.</summary>
    public static string FullName(this ITypeSymbol type)
    {
        var name = type.Name;
        for (var around = type.ContainingType; around is not null; around = around.ContainingType)
        {
            name = around.Name + "." + name;
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + name : name;
    }

    /// <summary>Whether a type is another one, derives from it or implements it, type arguments aside.</summary>
    /// <param name="type">The type.</param>
    /// <param name="wanted">The other one, as it is defined; null when the compilation does not know it.</param>
    public static bool IsA(this ITypeSymbol type, INamedTypeSymbol? wanted)
    {
        if (wanted is null)
        {
            return false;
        }

        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, wanted))
            {
                return true;
            }
        }

        return type.AllInterfaces.Any(contract => SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, wanted));
    }

    /// <summary>The statement that an operation is a part of, or the expression that is a member's body.</summary>
    public static IOperation Statement(this IOperation operation)
    {
        var current = operation;
        while (current.Parent is { } around && current.Syntax is not StatementSyntax && around is not (IBlockOperation or IMethodBodyBaseOperation))
        {
            current = around;
        }

        return current;
    }

    /// <summary>The types that stand in typeof in the statement of an operation.</summary>
    public static IEnumerable<ITypeSymbol> TypesInStatement(this IOperation operation) => operation.Statement().DescendantsAndSelf().OfType<ITypeOfOperation>().Select(static found => found.TypeOperand);

    /// <summary>The attribute of a class, null when it has none.</summary>
    public static AttributeData? AttributeOf(this ISymbol symbol, INamedTypeSymbol? attribute) =>
        attribute is null ? null : symbol.GetAttributes().FirstOrDefault(found => SymbolEqualityComparer.Default.Equals(found.AttributeClass, attribute));

    /// <summary>Where an attribute is written; where the symbol is, when it is written nowhere.</summary>
    public static Location LocationOf(AttributeData attribute, ISymbol symbol) =>
        attribute.ApplicationSyntaxReference is { } written ? Location.Create(written.SyntaxTree, written.Span) : symbol.Locations[0];
}
