using System.Linq.Expressions;

namespace ModularMonolith.Readers.Accounts;

internal static class ReaderNames
{
    public static IEnumerable<string> Of(Reader reader) => reader.GetType().GetProperties().Select(static property => property.Name);

    public static string Kind(object reader) => reader.GetType().Name;

    public static MemberExpression Name() => Expression.Property(Expression.Parameter(typeof(Reader)), "Name");
}
