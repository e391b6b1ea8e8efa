using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Lending.Loans;

internal static class LoanItems
{
    public static object? Copy(IDictionary<object, object?> items) => items["shelves.copy"];

    public static object? Loan(HttpContext http) => http.Items["lending.loan"];
}
