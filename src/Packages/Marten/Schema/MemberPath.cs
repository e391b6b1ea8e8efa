using System.Linq.Expressions;
using System.Reflection;

namespace Marten.Schema;

/// <summary>Reads members from expressions.</summary>
internal static class MemberPath
{
    /// <summary>The members that a lambda names: one path, or one for each member of an anonymous object.</summary>
    public static IReadOnlyList<IReadOnlyList<MemberInfo>> Of(LambdaExpression lambda)
    {
        var body = Strip(lambda.Body);
        if (body is NewExpression created)
            return [.. created.Arguments.Select(a => PathOf(a, lambda))];
        return [PathOf(body, lambda)];
    }

    private static List<MemberInfo> PathOf(Expression expression, LambdaExpression lambda)
    {
        var path = new List<MemberInfo>();
        var current = Strip(expression);
        while (current is MemberExpression { Expression: { } parent } member)
        {
            if (!(member.Member.Name == "Value" && Nullable.GetUnderlyingType(parent.Type) is not null))
                path.Insert(0, member.Member);
            current = Strip(parent);
        }

        if (current is not ParameterExpression || path.Count == 0)
            throw new ArgumentException($"'{lambda}' must name a member of the document, such as x => x.Name or x => x.Address.City.", nameof(lambda));
        return path;
    }

    private static Expression Strip(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert)
            expression = convert.Operand;
        return expression;
    }
}
