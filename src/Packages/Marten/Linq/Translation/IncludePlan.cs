using System.Linq.Expressions;
using Marten.Internal.Storage;

namespace Marten.Linq.Translation;

/// <summary>Documents that are fetched together with the results of a query.</summary>
/// <param name="destination">Where they go: a callback, a list or a dictionary.</param>
/// <param name="source">The member of the results, or the collection, that names them.</param>
/// <param name="mapping">The member of the documents that the source is compared with; null for their ids.</param>
/// <param name="filter">Which of them are wanted; null for all.</param>
internal abstract class IncludePlan(object destination, LambdaExpression source, LambdaExpression? mapping, LambdaExpression? filter)
{
    public object Destination => destination;

    public LambdaExpression Source => source;

    public LambdaExpression? Mapping => mapping;

    public LambdaExpression? Filter => filter;

    /// <summary>The member of a compiled query that is the destination; null when the destination is always the one above.</summary>
    public Func<object, object?>? DestinationReader { get; private set; }

    public abstract Type DocumentType { get; }

    /// <summary>A plan for a destination whose type is known only at run time.</summary>
    public static IncludePlan Create(object destination, Type destinationType, LambdaExpression source, LambdaExpression? mapping, LambdaExpression? filter, Func<object, object?>? reader)
    {
        var type = destinationType.IsGenericType && destinationType.GetGenericTypeDefinition() == typeof(Action<>) ? destinationType : Described(destinationType);
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 2 && arguments[1] is { IsGenericType: true } list && (list.GetGenericTypeDefinition() == typeof(IList<>) || list.GetGenericTypeDefinition() == typeof(List<>)))
            arguments[1] = list.GetGenericArguments()[0];
        var plan = (arguments.Length == 1 ? typeof(IncludePlan<>) : typeof(IncludePlan<,>)).MakeGenericType(arguments);
        var created = (IncludePlan)Activator.CreateInstance(plan, destination, source, mapping, filter)!;
        created.DestinationReader = reader;
        return created;
    }

    private static Type Described(Type type) => type.GetInterfaces().Append(type).First(i =>
        i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IDictionary<,>) || (i.GetGenericTypeDefinition() == typeof(IList<>) && !typeof(System.Collections.IDictionary).IsAssignableFrom(type))));

    /// <summary>Hands the documents over.</summary>
    public abstract void Deliver(object target, IReadOnlyList<object> documents, DocumentStorage storage);
}

/// <summary>Documents that go to a callback or a list.</summary>
internal sealed class IncludePlan<TInclude>(object destination, LambdaExpression source, LambdaExpression? mapping = null, LambdaExpression? filter = null)
    : IncludePlan(destination, source, mapping, filter) where TInclude : notnull
{
    public override Type DocumentType => typeof(TInclude);

    public override void Deliver(object target, IReadOnlyList<object> documents, DocumentStorage storage)
    {
        var receive = target is IList<TInclude> list ? list.Add : (Action<TInclude>)target;
        foreach (var document in documents)
            receive((TInclude)document);
    }
}

/// <summary>Documents that go to a dictionary: one for each key, or all of a key.</summary>
internal sealed class IncludePlan<TKey, TInclude>(object destination, LambdaExpression source, LambdaExpression? mapping = null, LambdaExpression? filter = null)
    : IncludePlan(destination, source, mapping, filter) where TKey : notnull where TInclude : notnull
{
    private readonly Func<TInclude, TKey>? key = ((Expression<Func<TInclude, TKey>>?)mapping)?.Compile();

    public override Type DocumentType => typeof(TInclude);

    public override void Deliver(object target, IReadOnlyList<object> documents, DocumentStorage storage)
    {
        foreach (var document in documents.Cast<TInclude>())
        {
            var name = key is null ? (TKey)storage.KeyOf(document, typeof(TKey)) : key(document);
            switch (target)
            {
                case IDictionary<TKey, TInclude> single:
                    single[name] = document;
                    break;
                case IDictionary<TKey, IList<TInclude>> lists:
                    ListOf(lists, name, () => new List<TInclude>()).Add(document);
                    break;
                default:
                    ListOf((IDictionary<TKey, List<TInclude>>)target, name, () => []).Add(document);
                    break;
            }
        }
    }

    private static TList ListOf<TList>(IDictionary<TKey, TList> lists, TKey name, Func<TList> create) =>
        lists.TryGetValue(name, out var known) ? known : lists[name] = create();
}

/// <summary>An include in terms of its query's rows.</summary>
/// <param name="Plan">What is wanted.</param>
/// <param name="Storage">The documents.</param>
/// <param name="KeySql">The value that names a document.</param>
/// <param name="KeyFrom">The rows that the value comes from, besides those of the query.</param>
internal sealed record IncludedDocuments(IncludePlan Plan, DocumentStorage Storage, string KeySql, string KeyFrom);
