using System.Linq.Expressions;
using System.Reflection;
using Marten.Schema;

namespace Marten.Internal.Storage;

/// <summary>Compiled access to members of any visibility.</summary>
internal static class MemberAccess
{
    public static Func<T, object> Getter<T>(MemberInfo member)
    {
        var target = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, object>>(Expression.Convert(Expression.MakeMemberAccess(target, member), typeof(object)), target).Compile();
    }

    /// <summary>Reads the identity of a document, without a wrapper; null where a wrapper is absent.</summary>
    public static Func<T, object?> IdentityGetter<T>(DocumentMapping mapping)
    {
        var target = Expression.Parameter(typeof(T));
        Expression member = Expression.MakeMemberAccess(target, mapping.RequiredIdMember);
        if (mapping.IdWrapper is not { } wrapper)
            return Expression.Lambda<Func<T, object?>>(Expression.Convert(member, typeof(object)), target).Compile();
        var bare = Expression.Convert(wrapper.UnwrapExpression(member.Type == wrapper.OuterType ? member : Expression.Property(member, "Value")), typeof(object));
        Expression body = member.Type.IsValueType && member.Type == wrapper.OuterType
            ? bare
            : Expression.Condition(Expression.Equal(member, Expression.Constant(null, member.Type)), Expression.Constant(null), bare);
        return Expression.Lambda<Func<T, object?>>(body, target).Compile();
    }

    /// <summary>Sets the identity of a document from a value without a wrapper; null when the member cannot be set.</summary>
    public static Action<T, object>? IdentitySetter<T>(DocumentMapping mapping)
    {
        var set = Setter<T>(mapping.RequiredIdMember);
        if (set is null || mapping.IdWrapper is not { } wrapper)
            return set;
        return wrapper.SimpleType == typeof(int)
            ? (document, id) => set(document, wrapper.Wrap(Convert.ToInt32(id, System.Globalization.CultureInfo.InvariantCulture)))
            : (document, id) => set(document, wrapper.Wrap(id));
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

    /// <summary>Sets a member that shows metadata; a value that is absent becomes the default of the member.</summary>
    public static Action<T, object?> MetadataSetter<T>(MemberInfo member)
    {
        var type = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
        if (member is FieldInfo { IsInitOnly: true } or PropertyInfo { SetMethod: null })
            throw new Exceptions.InvalidDocumentException($"{typeof(T).FullName}.{member.Name} shows metadata and cannot be set.");
        var target = Expression.Parameter(typeof(T));
        var value = Expression.Parameter(typeof(object));
        var content = Expression.Condition(Expression.Equal(value, Expression.Constant(null)), Expression.Default(type), Expression.Convert(value, type));
        var set = Expression.Lambda<Action<T, object?>>(Expression.Assign(Expression.MakeMemberAccess(target, member), content), target, value).Compile();
        return (Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTime)
            ? (document, time) => set(document, (time as DateTimeOffset?)?.UtcDateTime)
            : set;
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
