using System.Linq.Expressions;
using Marten.Internal.Sessions;
using Marten.Schema;

namespace Marten.Patching;

/// <summary>Collects the changes of one patch.</summary>
internal sealed class PatchExpression<T> : IPatchExpression<T>
{
    private readonly PatchOperation operation;
    private readonly DocumentMapping mapping;

    private PatchExpression(IDocumentOperations operations, object? id, LambdaExpression? filter)
    {
        var session = operations as DocumentSession ?? throw new ArgumentException("Only sessions of this store can patch documents.", nameof(operations));
        var storage = session.StorageFor(typeof(T));
        mapping = storage.Mapping;
        operation = new PatchOperation(session, storage, id is null ? null : storage.CheckedId(id), filter);
        session.QueueOperation(operation);
    }

    public static PatchExpression<T> ById(IDocumentOperations operations, object id) => new(operations, id, null);

    public static PatchExpression<T> Where(IDocumentOperations operations, LambdaExpression filter) => new(operations, null, filter);

    public IPatchExpression<T> Set<TValue>(string name, TValue value) => Add(new SetChange([Key(name)], value));

    public IPatchExpression<T> Set<TParent, TValue>(string name, Expression<Func<T, TParent>> expression, TValue value) => Add(new SetChange([.. Path(expression), Key(name)], value));

    public IPatchExpression<T> Set<TValue>(Expression<Func<T, TValue>> expression, TValue value) => Add(new SetChange(Path(expression), value));

    public IPatchExpression<T> Duplicate<TElement>(Expression<Func<T, TElement>> expression, params Expression<Func<T, TElement>>[] destinations)
    {
        foreach (var destination in destinations)
            Add(new CopyChange(Path(expression), Path(destination)));
        return this;
    }

    public IPatchExpression<T> Increment(Expression<Func<T, int>> expression, int increment = 1) => Add(new IncrementChange(Path(expression), increment));

    public IPatchExpression<T> Increment(Expression<Func<T, long>> expression, long increment = 1) => Add(new IncrementChange(Path(expression), increment));

    public IPatchExpression<T> Increment(Expression<Func<T, double>> expression, double increment = 1) => Add(new IncrementChange(Path(expression), increment));

    public IPatchExpression<T> Increment(Expression<Func<T, float>> expression, float increment = 1) => Add(new IncrementChange(Path(expression), (double)increment));

    public IPatchExpression<T> Increment(Expression<Func<T, decimal>> expression, decimal increment = 1) => Add(new IncrementChange(Path(expression), increment));

    public IPatchExpression<T> Append<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element) => Add(new InsertChange(Path(expression), element, null));

    public IPatchExpression<T> AppendIfNotExists<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element) =>
        Add(new InsertChange(Path(expression), element, null) { OnlyNew = true });

    public IPatchExpression<T> AppendIfNotExists<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, Expression<Func<TElement, bool>> predicate) =>
        Add(new InsertChange(Path(expression), element, null) { OnlyNew = true, Predicate = predicate });

    public IPatchExpression<T> Insert<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, int? index = null) => Add(new InsertChange(Path(expression), element, index));

    public IPatchExpression<T> InsertIfNotExists<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, int? index = null) =>
        Add(new InsertChange(Path(expression), element, index) { OnlyNew = true });

    public IPatchExpression<T> Remove<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, RemoveAction action = RemoveAction.RemoveFirst) =>
        Add(new RemoveChange(Path(expression), element, null, action));

    public IPatchExpression<T> Remove<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, Expression<Func<TElement, bool>> predicate, RemoveAction action = RemoveAction.RemoveFirst) =>
        Add(new RemoveChange(Path(expression), null, predicate, action));

    public IPatchExpression<T> Rename(string oldName, Expression<Func<T, object>> expression)
    {
        var path = Path(expression);
        return Add(new RenameChange([.. path[..^1], Key(oldName)], path));
    }

    public IPatchExpression<T> Delete(string name) => Add(new DeleteChange([Key(name)]));

    public IPatchExpression<T> Delete<TParent>(string name, Expression<Func<T, TParent>> expression) => Add(new DeleteChange([.. Path(expression), Key(name)]));

    public IPatchExpression<T> Delete<TElement>(Expression<Func<T, TElement>> expression) => Add(new DeleteChange(Path(expression)));

    private PatchExpression<T> Add(PatchChange change)
    {
        operation.Changes.Add(change);
        return this;
    }

    private string[] Path(LambdaExpression expression)
    {
        var members = MemberPath.Of(expression) is [var only] ? only : throw new ArgumentException($"'{expression}' names more than one member.", nameof(expression));
        return [.. members.Select((m, i) => i == 0 ? Key(mapping.Options.Locators.NameOf(m)) : mapping.Options.Locators.NameOf(m))];
    }

    /// <summary>A key at the top, which must not be the identity: the column would not change with it.</summary>
    private string Key(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name == mapping.Options.Locators.NameOf(mapping.RequiredIdMember)
            ? throw new ArgumentException($"A patch cannot change {mapping.DocumentType.Name}.{mapping.RequiredIdMember.Name}, which identifies the document.", nameof(name))
            : name;
    }
}
