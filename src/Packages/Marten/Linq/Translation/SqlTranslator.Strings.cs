using System.Linq.Expressions;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

internal sealed partial class SqlTranslator
{
    private string Call(MethodCallExpression call, bool negated)
    {
        var method = call.Method;
        if (method.Name == "Equals" && method.DeclaringType != typeof(string))
        {
            if (call.Object is not null && call.Arguments.Count == 1)
                return Equality(call.Object, call.Arguments[0], negated);
            if (call.Object is null && call.Arguments.Count == 2)
                return Equality(call.Arguments[0], call.Arguments[1], negated);
        }

        if (method.DeclaringType == typeof(string))
            return StringCondition(call, negated);
        if (method.DeclaringType?.Namespace is "Marten.Events" or "Marten.Events.Archiving" || (method.DeclaringType == typeof(LinqExtensions) && IsAboutTenants(method)))
            return EventCondition(call, negated);
        if (method.DeclaringType?.Namespace is "Marten" or "JasperFx.Core" or "Marten.Linq.SoftDeletes" or "Marten.Linq.MatchesSql" or "Marten.Linq.LastModified" or "Marten.Linq.CreatedAt")
            return OwnOperator(call, negated);
        return CollectionCondition(call, negated);
    }

    private string StringCondition(MethodCallExpression call, bool negated)
    {
        var arguments = call.Arguments;
        switch (call.Method.Name)
        {
            case "Equals" when call.Object is not null:
                return TextEquality(call.Object, arguments[0], arguments.Count > 1 && IgnoresCase(call, arguments[1]), negated);
            case "Equals" or "op_Equality":
                return TextEquality(arguments[0], arguments[1], arguments.Count > 2 && IgnoresCase(call, arguments[2]), negated);
            case "op_Inequality":
                return TextEquality(arguments[0], arguments[1], false, !negated);
            case nameof(string.IsNullOrEmpty):
                return Negate($"coalesce({Value(arguments[0]).Sql}, '') = ''", negated);
            case nameof(string.IsNullOrWhiteSpace):
                return Negate($"btrim(coalesce({Value(arguments[0]).Sql}, ''), {AddParameter(WhiteSpace, NpgsqlDbType.Text)}) = ''", negated);
            case nameof(string.Contains) or nameof(string.StartsWith) or nameof(string.EndsWith) when call.Object is not null && arguments.Count is 1 or 2:
                return Negate(PartOfText(call), negated);
            default:
                throw Unsupported(call);
        }
    }

    private string TextEquality(Expression left, Expression right, bool ignoreCase, bool negated)
    {
        if (!ignoreCase)
            return Equality(left, right, negated);
        if (!Depends(left))
            (left, right) = (right, left);
        var value = Value(left);
        if (!Depends(right) && Peek(right) is null)
            return NullTest(left, !negated);
        return $"lower({value.Sql}) {(negated ? "is distinct from" : Depends(right) ? "is not distinct from" : "=")} lower({Value(right).Sql})";
    }

    /// <summary>Whether a text begins with, ends with or contains another. Constants become patterns in which nothing is a wildcard.</summary>
    private string PartOfText(MethodCallExpression call)
    {
        var ignoreCase = call.Arguments.Count == 2 && IgnoresCase(call, call.Arguments[1]);
        var (whole, part) = (call.Object!, Strip(call.Arguments[0]));
        if (Depends(part))
            return PartOfMember(call, Folded(Value(whole).Sql, ignoreCase), Folded(Value(part).Sql, ignoreCase));
        if (Peek(part) is null)
            throw new ArgumentNullException(call.Method.GetParameters()[0].Name, $"'{call}' needs a text to look for.");
        return $"{Value(whole).Sql} {(ignoreCase ? "ilike" : "like")} {AddParameter(part, text => Pattern(call.Method.Name, text!.ToString()!), NpgsqlDbType.Text)}";
    }

    private static string Pattern(string method, string text)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return method switch
        {
            nameof(string.StartsWith) => escaped + "%",
            nameof(string.EndsWith) => "%" + escaped,
            _ => "%" + escaped + "%",
        };
    }

    private static string Folded(string sql, bool ignoreCase) => ignoreCase ? $"lower({sql})" : sql;

    private static string PartOfMember(MethodCallExpression call, string whole, string part) => call.Method.Name switch
    {
        nameof(string.StartsWith) => $"starts_with({whole}, {part})",
        nameof(string.EndsWith) => $"right({whole}, length({part})) = {part}",
        _ => $"strpos({whole}, {part}) > 0",
    };

    private bool IgnoresCase(MethodCallExpression call, Expression comparison)
    {
        if (comparison.Type != typeof(StringComparison) || Depends(comparison))
            throw Unsupported(call);
        return (StringComparison)Evaluate(comparison)! is StringComparison.OrdinalIgnoreCase or StringComparison.InvariantCultureIgnoreCase or StringComparison.CurrentCultureIgnoreCase;
    }

    /// <summary>string.Compare and CompareTo follow the database's collation, as ordering does; CompareOrdinal compares code points.</summary>
    private bool TryOrdering(MethodCallExpression call, out string one, out string other)
    {
        (one, other) = ("", "");
        var (left, right) = call switch
        {
            { Method.Name: "CompareTo", Object: { } target, Arguments: [var argument] } => (target, argument),
            { Method.Name: nameof(string.Compare) or nameof(string.CompareOrdinal), Object: null, Arguments: [var first, var second] } when call.Method.DeclaringType == typeof(string) => (first, second),
            _ => (null, null),
        };
        if (left is null || right is null)
            return false;
        var value = Value(left);
        var counterpart = Strip(right);
        other = Depends(counterpart) ? Value(counterpart).Sql : Peek(counterpart) is { } constant ? Constant(counterpart, constant, value) : throw Unsupported(call);
        one = value.Sql;
        if (call.Method.Name == nameof(string.CompareOrdinal))
            (one, other) = ($"({one}) collate \"C\"", $"({other}) collate \"C\"");
        return true;
    }

    private SqlValue StringValue(MethodCallExpression call)
    {
        if (call.Object is null)
            return call.Method.Name == nameof(string.Concat) && call.Arguments.All(a => a.Type == typeof(string)) ? Concatenated(call.Arguments) : throw Unsupported(call);
        var text = Value(call.Object).Sql;
        var sql = call.Method.Name switch
        {
            nameof(string.ToLower) or nameof(string.ToLowerInvariant) when call.Arguments.Count == 0 => $"lower({text})",
            nameof(string.ToUpper) or nameof(string.ToUpperInvariant) when call.Arguments.Count == 0 => $"upper({text})",
            nameof(string.Trim) when call.Arguments.Count == 0 => $"btrim({text}, {AddParameter(WhiteSpace, NpgsqlDbType.Text)})",
            nameof(string.TrimStart) when call.Arguments.Count == 0 => $"ltrim({text}, {AddParameter(WhiteSpace, NpgsqlDbType.Text)})",
            nameof(string.TrimEnd) when call.Arguments.Count == 0 => $"rtrim({text}, {AddParameter(WhiteSpace, NpgsqlDbType.Text)})",
            nameof(string.Substring) when call.Arguments.Count == 1 => $"substr({text}, 1 + {Value(call.Arguments[0]).Sql})",
            nameof(string.Substring) => $"substr({text}, 1 + {Value(call.Arguments[0]).Sql}, {Value(call.Arguments[1]).Sql})",
            nameof(string.Replace) when call.Arguments.Count == 2 && call.Arguments[0].Type == typeof(string) => $"replace({text}, {Value(call.Arguments[0]).Sql}, {Value(call.Arguments[1]).Sql})",
            _ => throw Unsupported(call),
        };
        return new SqlValue(sql, typeof(string), true);
    }

    private SqlValue Concatenated(IEnumerable<Expression> parts)
    {
        var texts = parts.Select(p => Strip(p).Type == typeof(string) ? $"coalesce({Value(p).Sql}, '')" : throw Unsupported(p));
        return new SqlValue("(" + string.Join(" || ", texts) + ")", typeof(string), false);
    }
}
