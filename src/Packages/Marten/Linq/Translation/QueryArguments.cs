using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using Marten.Internal.Sessions;

namespace Marten.Linq.Translation;

/// <summary>
/// Which parameters of a statement are made of which members of a compiled query, so that the statement can be used again
/// with other values. Its text may depend on the shape of the values (null, true or false, empty), which is part of the key
/// under which it is remembered; a text that depends on more is not remembered.
/// </summary>
internal sealed class QueryArguments(object query)
{
    private readonly List<(int Index, Func<object, QuerySession, object?> Read)> parameters = [];

    /// <summary>Whether the text depends on the values of this one query.</summary>
    public bool IsFixed { get; private set; }

    /// <summary>The parameters that change, with how they are made of a query.</summary>
    public IReadOnlyList<(int Index, Func<object, QuerySession, object?> Read)> Parameters => parameters;

    /// <summary>The same for a statement of its own.</summary>
    public QueryArguments ForStatement() => new(query);

    /// <summary>Notes that the text depends on an expression.</summary>
    public void Fix(Expression expression) => IsFixed |= Uses(expression);

    /// <summary>Notes that the text depends on an expression, unless its shape decides.</summary>
    public void FixUnlessShape(Expression expression) => IsFixed |= Uses(expression) && !IsShape(expression);

    /// <summary>Notes what a parameter is made of.</summary>
    public void Record(int index, IReadOnlyList<Expression> sources, Func<object?[], object?> convert)
    {
        if (!sources.Any(Uses))
            return;
        var readers = new Func<object, object?>[sources.Count];
        for (var i = 0; i < readers.Length; i++)
        {
            var source = sources[i];
            if (MemberOf(source) is { } member)
            {
                readers[i] = Reader(member);
            }
            else
            {
                IsFixed |= Uses(source);
                var value = ConstantEvaluator.Evaluate(source);
                readers[i] = _ => value;
            }
        }

        parameters.Add((index, (instance, _) => convert([.. readers.Select(r => r(instance))])));
    }

    /// <summary>Notes a parameter that the session decides.</summary>
    public void Record(int index, Func<QuerySession, object?> read) => parameters.Add((index, (_, session) => read(session)));

    /// <summary>Reads a member that an expression names; null when it is not a member of the query.</summary>
    public Func<object, object?>? ReaderOf(Expression expression) => MemberOf(expression) is { } member ? Reader(member) : null;

    public static Func<object, object?> Reader(MemberInfo member) => member is FieldInfo field ? field.GetValue : ((PropertyInfo)member).GetValue;

    /// <summary>What the text of a statement may depend on in a value.</summary>
    public static char ShapeOf(object? value) => value switch
    {
        null => '0',
        bool truth => truth ? 't' : 'f',
        string text => text.Length == 0 ? 'e' : '1',
        IEnumerable values => (char)('A' + ShapeOfList(values)),
        _ => SqlTranslator.IsExtreme(value, null) ? 'x' : '1',
    };

    private static int ShapeOfList(IEnumerable values)
    {
        var shape = 1;
        foreach (var value in values)
            shape = (shape & ~1) | (value is null ? 2 : SqlTranslator.IsExtreme(value, null) ? 12 : 8);
        return shape;
    }

    private MemberInfo? MemberOf(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert && IsBoxing(convert))
            expression = convert.Operand;
        if (expression is MemberExpression { Member.Name: "Value", Expression: { } nullable } && Nullable.GetUnderlyingType(nullable.Type) is not null)
            expression = nullable;
        return expression is MemberExpression { Expression: { } owner, Member: var member } && IsQuery(owner) ? member : null;
    }

    private static bool IsBoxing(UnaryExpression convert) =>
        convert.Type.IsAssignableFrom(convert.Operand.Type) || Nullable.GetUnderlyingType(convert.Type) == convert.Operand.Type;

    private bool IsQuery(Expression expression) => expression switch
    {
        ConstantExpression constant => ReferenceEquals(constant.Value, query),
        UnaryExpression { NodeType: ExpressionType.Convert } convert => IsQuery(convert.Operand),
        _ => false,
    };

    private bool IsShape(Expression expression) => expression switch
    {
        _ when MemberOf(expression) is not null || !Uses(expression) => true,
        UnaryExpression { NodeType: ExpressionType.Not } not => IsShape(not.Operand),
        BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.OrElse } both => IsShape(both.Left) && IsShape(both.Right),
        BinaryExpression { NodeType: ExpressionType.Equal or ExpressionType.NotEqual, Right: ConstantExpression { Value: null } } test => MemberOf(test.Left) is not null,
        MemberExpression { Member.Name: "HasValue", Expression: { } nullable } => MemberOf(nullable) is not null,
        MethodCallExpression { Method.Name: nameof(string.IsNullOrEmpty), Arguments: [var text] } => MemberOf(text) is not null,
        _ => false,
    };

    private bool Uses(Expression expression) => new InstanceFinder(query).IsIn(expression);

    private sealed class InstanceFinder(object instance) : ExpressionVisitor
    {
        private bool found;

        public bool IsIn(Expression expression)
        {
            Visit(expression);
            return found;
        }

        protected override Expression VisitConstant(ConstantExpression node)
        {
            found |= ReferenceEquals(node.Value, instance);
            return node;
        }
    }
}
