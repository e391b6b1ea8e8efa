using System.Linq.Expressions;

namespace Marten.Linq.Translation;

internal sealed partial class SqlTranslator
{
    /// <summary>Leaves only documents of a derived type.</summary>
    public void KeepOnly(Expression document, Type type, List<string> conditions)
    {
        if (OnlyType(document, type) is { } condition)
            conditions.Add(condition);
    }

    /// <summary>The condition that a document is of a type; null when all are.</summary>
    private string? OnlyType(Expression document, Type type)
    {
        if (Strip(document) is not ParameterExpression parameter || !scopes.TryGetValue(parameter, out var scope) || scope.Mapping is not { } mapping)
            throw Unsupported(document);
        if (type.IsAssignableFrom(mapping.DocumentType))
            return null;
        var derived = mapping.Root.SubClasses.Find(s => s.DocumentType == type)
            ?? throw new Exceptions.BadLinqExpressionException($"{type.Name} is not a declared type of the hierarchy of {mapping.Root.DocumentType.Name}. Declare it with Schema.For<{mapping.Root.DocumentType.Name}>().AddSubClass<{type.Name}>().");
        return derived.TypeFilter(scope.Alias);
    }
}
