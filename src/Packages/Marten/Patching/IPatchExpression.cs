using System.Linq.Expressions;

namespace Marten.Patching;

/// <summary>Which elements a removal removes.</summary>
public enum RemoveAction
{
    /// <summary>The first one that is equal.</summary>
    RemoveFirst,

    /// <summary>All that are equal.</summary>
    RemoveAll,
}

/// <summary>
/// Changes stored documents without loading them, all in one statement that is part of the session's unit of work. The
/// changes of one patch apply one after the other. Documents that the session has loaded do not change.
/// </summary>
/// <typeparam name="T">The document.</typeparam>
public interface IPatchExpression<T>
{
    /// <summary>Sets a key at the top of the document, which no member need have.</summary>
    IPatchExpression<T> Set<TValue>(string name, TValue value);

    /// <summary>Sets a key of an object in the document, which no member need have.</summary>
    IPatchExpression<T> Set<TParent, TValue>(string name, Expression<Func<T, TParent>> expression, TValue value);

    /// <summary>Sets a member.</summary>
    IPatchExpression<T> Set<TValue>(Expression<Func<T, TValue>> expression, TValue value);

    /// <summary>Copies a member to others.</summary>
    IPatchExpression<T> Duplicate<TElement>(Expression<Func<T, TElement>> expression, params Expression<Func<T, TElement>>[] destinations);

    /// <summary>Adds to a number; one that is absent counts as 0.</summary>
    IPatchExpression<T> Increment(Expression<Func<T, int>> expression, int increment = 1);

    /// <inheritdoc cref="Increment(Expression{Func{T, int}}, int)" />
    IPatchExpression<T> Increment(Expression<Func<T, long>> expression, long increment = 1);

    /// <inheritdoc cref="Increment(Expression{Func{T, int}}, int)" />
    IPatchExpression<T> Increment(Expression<Func<T, double>> expression, double increment = 1);

    /// <inheritdoc cref="Increment(Expression{Func{T, int}}, int)" />
    IPatchExpression<T> Increment(Expression<Func<T, float>> expression, float increment = 1);

    /// <inheritdoc cref="Increment(Expression{Func{T, int}}, int)" />
    IPatchExpression<T> Increment(Expression<Func<T, decimal>> expression, decimal increment = 1);

    /// <summary>Adds an element at the end of a collection.</summary>
    IPatchExpression<T> Append<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element);

    /// <summary>Adds an element at the end of a collection that has no equal one.</summary>
    IPatchExpression<T> AppendIfNotExists<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element);

    /// <summary>Adds an element at the end of a collection that has none that matches.</summary>
    IPatchExpression<T> AppendIfNotExists<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, Expression<Func<TElement, bool>> predicate);

    /// <summary>Adds an element to a collection in front of a position, counted from 0; without one at the end.</summary>
    IPatchExpression<T> Insert<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, int? index = null);

    /// <summary>As Insert, for a collection that has no equal element.</summary>
    IPatchExpression<T> InsertIfNotExists<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, int? index = null);

    /// <summary>Removes elements that are equal from a collection.</summary>
    IPatchExpression<T> Remove<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, TElement element, RemoveAction action = RemoveAction.RemoveFirst);

    /// <summary>Removes elements that match from a collection.</summary>
    IPatchExpression<T> Remove<TElement>(Expression<Func<T, IEnumerable<TElement>>> expression, Expression<Func<TElement, bool>> predicate, RemoveAction action = RemoveAction.RemoveFirst);

    /// <summary>Moves the value of a key that a member used to have to the member.</summary>
    IPatchExpression<T> Rename(string oldName, Expression<Func<T, object>> expression);

    /// <summary>Removes a key at the top of the document.</summary>
    IPatchExpression<T> Delete(string name);

    /// <summary>Removes a key of an object in the document.</summary>
    IPatchExpression<T> Delete<TParent>(string name, Expression<Func<T, TParent>> expression);

    /// <summary>Removes a member.</summary>
    IPatchExpression<T> Delete<TElement>(Expression<Func<T, TElement>> expression);
}

/// <summary>Begins patches.</summary>
public static class PatchingExtensions
{
    /// <summary>Changes the stored document with an id, if it exists.</summary>
    public static IPatchExpression<T> Patch<T>(this IDocumentOperations operations, int id) where T : notnull => PatchExpression<T>.ById(operations, id);

    /// <inheritdoc cref="Patch{T}(IDocumentOperations, int)" />
    public static IPatchExpression<T> Patch<T>(this IDocumentOperations operations, long id) where T : notnull => PatchExpression<T>.ById(operations, id);

    /// <inheritdoc cref="Patch{T}(IDocumentOperations, int)" />
    public static IPatchExpression<T> Patch<T>(this IDocumentOperations operations, string id) where T : notnull => PatchExpression<T>.ById(operations, id);

    /// <inheritdoc cref="Patch{T}(IDocumentOperations, int)" />
    public static IPatchExpression<T> Patch<T>(this IDocumentOperations operations, Guid id) where T : notnull => PatchExpression<T>.ById(operations, id);

    /// <summary>Changes all stored documents that match.</summary>
    public static IPatchExpression<T> Patch<T>(this IDocumentOperations operations, Expression<Func<T, bool>> filter) where T : notnull => PatchExpression<T>.Where(operations, filter);
}
