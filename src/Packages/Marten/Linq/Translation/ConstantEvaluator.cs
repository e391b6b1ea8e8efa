using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using Marten.Exceptions;

namespace Marten.Linq.Translation;

/// <summary>The values of the parts of a query that do not depend on the database: constants, captured variables, calls on them.</summary>
internal static class ConstantEvaluator
{
    /// <summary>Captured variables and calls are read by reflection, which costs far less than compiling an expression for one use.</summary>
    public static object? Evaluate(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;
            case MemberExpression member:
                return Read(member);
            case UnaryExpression { NodeType: ExpressionType.Quote } quote:
                return quote.Operand;
            case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.TypeAs } convert when IsReferenceOrNullableConversion(convert):
                return Evaluate(convert.Operand);
            case NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array:
                return CreateArray(array);
            case MethodCallExpression call when call.Method.ReturnType != typeof(void) && !call.Type.IsByRefLike && call.Arguments.All(a => !a.Type.IsByRefLike):
                return Invoke(call);
            case MethodCallExpression { Method.Name: "Contains", Arguments: [MethodCallExpression { Method.Name: "op_Implicit", Arguments: [var array] } span, var item] } when span.Type.IsByRefLike:
                return Evaluate(array) is IEnumerable values && values.Cast<object?>().Contains(Evaluate(item));
            default:
                return Interpret(expression);
        }
    }

    private static object? Read(MemberExpression member)
    {
        var target = member.Expression is null ? null : Evaluate(member.Expression);
        if (target is null && member.Expression is not null)
        {
            if (Nullable.GetUnderlyingType(member.Expression.Type) is not null && member.Member.Name == "HasValue")
                return false;
            throw new InvalidOperationException($"'{member.Expression}' is null, so the query cannot use its member {member.Member.Name}.");
        }

        return member.Member switch
        {
            FieldInfo field => field.GetValue(target),
            PropertyInfo when member.Expression is not null && Nullable.GetUnderlyingType(member.Expression.Type) is not null => member.Member.Name == "Value" ? target : true,
            PropertyInfo property => Unwrapped(() => property.GetValue(target)),
            _ => throw new BadLinqExpressionException(member),
        };
    }

    private static object? Invoke(MethodCallExpression call)
    {
        var target = call.Object is null ? null : Evaluate(call.Object);
        if (call.Object is not null && (target is null || Nullable.GetUnderlyingType(call.Object.Type) is not null))
            return Interpret(call);
        var arguments = call.Arguments.Select(Evaluate).ToArray();
        return Unwrapped(() => call.Method.Invoke(target, arguments));
    }

    private static Array CreateArray(NewArrayExpression array)
    {
        var values = Array.CreateInstance(array.Type.GetElementType()!, array.Expressions.Count);
        for (var i = 0; i < values.Length; i++)
            values.SetValue(Evaluate(array.Expressions[i]), i);
        return values;
    }

    private static bool IsReferenceOrNullableConversion(UnaryExpression convert)
    {
        if (convert.Method is not null)
            return false;
        var from = convert.Operand.Type;
        var to = convert.Type;
        if (convert.NodeType == ExpressionType.TypeAs)
            return to.IsAssignableFrom(from);
        return to.IsAssignableFrom(from) || Nullable.GetUnderlyingType(to) == from;
    }

    private static object? Interpret(Expression expression)
    {
        var boxed = Expression.Convert(expression, typeof(object));
        return Expression.Lambda<Func<object?>>(boxed).Compile(preferInterpretation: true)();
    }

    private static object? Unwrapped(Func<object?> call)
    {
        try
        {
            return call();
        }
        catch (TargetInvocationException exception) when (exception.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerException);
            throw;
        }
    }
}
