using System.Linq.Expressions;

namespace Marten.Linq.Translation;

/// <summary>A part of a query that is no expression of C#: it stands for rows or values of the database.</summary>
internal abstract class DatabaseExpression(Type type) : Expression
{
    public override ExpressionType NodeType => ExpressionType.Extension;

    public override Type Type => type;

    protected override Expression VisitChildren(ExpressionVisitor visitor) => this;
}

/// <summary>A value that was translated before, so that it is spelled the same way wherever it is used: the key of a group.</summary>
internal sealed class TranslatedExpression(SqlValue value, Type type) : DatabaseExpression(type)
{
    public SqlValue Value => value;

    public override string ToString() => value.Sql;
}

/// <summary>A group of rows.</summary>
/// <param name="type">The grouping type that the lambdas of the query see.</param>
/// <param name="key">The key; an object is made of translated parts.</param>
/// <param name="element">One element of the group.</param>
internal sealed class GroupExpression(Type type, Expression key, Expression element) : DatabaseExpression(type)
{
    public Expression Key => key;

    public Expression Element => element;

    public override string ToString() => "group";
}

/// <summary>The documents of another type that belong to a row.</summary>
internal sealed class JoinedExpression(Type type, Func<ElementRows> open) : DatabaseExpression(type)
{
    /// <summary>Their rows, under an alias of their own.</summary>
    public ElementRows Open() => open();

    public override string ToString() => "joined documents";
}

/// <summary>Rows that come from a row of the query.</summary>
/// <param name="From">The set of rows with its alias.</param>
/// <param name="Element">What one of them is.</param>
/// <param name="Condition">Which of them belong to the row; null when all do.</param>
internal sealed record ElementRows(string From, QueryScope Element, string? Condition = null)
{
    /// <summary>The where clause of a subquery over the rows.</summary>
    public string Where(string? condition)
    {
        if (Condition is null)
            return condition is null ? "" : " where " + condition;
        return condition is null ? " where " + Condition : $" where {Condition} and {condition}";
    }
}
