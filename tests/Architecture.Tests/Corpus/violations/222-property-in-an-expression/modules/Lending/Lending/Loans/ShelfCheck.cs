using System.Linq.Expressions;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static Expression TitleOf(Expression copy)
    {
        return Expression.Property(copy, "Title"); // finds: no-reflection-by-name "looks 'Title' of what only the running program knows up by name"
    }
}
