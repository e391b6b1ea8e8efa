using System.Linq.Expressions;
using System.Reflection;

namespace Marten.Internal.Storage;

/// <summary>Compiled access to members of any visibility.</summary>
internal static class MemberAccess
{
    public static Func<T, object> Getter<T>(MemberInfo member)
    {
        var target = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, object>>(Expression.Convert(Expression.MakeMemberAccess(target, member), typeof(object)), target).Compile();
    }

    /// <summary>Null when the member cannot be set. A number is converted to the member's own type.</summary>
    public static Action<T, object>? Setter<T>(MemberInfo member)
    {
        var type = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
        if (member is FieldInfo { IsInitOnly: true } or PropertyInfo { SetMethod: null })
            return null;
        var target = Expression.Parameter(typeof(T));
        var value = Expression.Parameter(typeof(object));
        var assign = Expression.Assign(Expression.MakeMemberAccess(target, member), Expression.Convert(value, type));
        var set = Expression.Lambda<Action<T, object>>(assign, target, value).Compile();
        if (type == typeof(int))
            return (document, number) => set(document, Convert.ToInt32(number, System.Globalization.CultureInfo.InvariantCulture));
        if (type == typeof(long))
            return (document, number) => set(document, Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture));
        return set;
    }

    /// <summary>Reads a member below a document; null when an object on the way is null.</summary>
    public static Func<object, object?> PathGetter(Type documentType, IReadOnlyList<MemberInfo> path)
    {
        var document = Expression.Parameter(typeof(object));
        var body = Read(Expression.Convert(document, documentType), path, 0);
        return Expression.Lambda<Func<object, object?>>(body, document).Compile();
    }

    private static Expression Read(Expression target, IReadOnlyList<MemberInfo> path, int step)
    {
        if (step == path.Count)
            return Expression.Convert(target, typeof(object));
        var variable = Expression.Variable(target.Type);
        var value = Nullable.GetUnderlyingType(variable.Type) is null ? variable : (Expression)Expression.Property(variable, "Value");
        var next = Read(Expression.MakeMemberAccess(value, path[step]), path, step + 1);
        var mayBeNull = !variable.Type.IsValueType || Nullable.GetUnderlyingType(variable.Type) is not null;
        var result = mayBeNull
            ? Expression.Condition(Expression.Equal(variable, Expression.Constant(null, variable.Type)), Expression.Constant(null, typeof(object)), next)
            : next;
        return Expression.Block([variable], Expression.Assign(variable, target), result);
    }
}
