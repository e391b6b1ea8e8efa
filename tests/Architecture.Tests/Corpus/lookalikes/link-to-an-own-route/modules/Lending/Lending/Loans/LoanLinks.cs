using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Lending.Loans;

internal static class LoanLinks
{
    public static IResult Created(Guid id) => Results.Created($"/api/lending/loans/{id}", null);

    public static string Self(Guid id) => "/api/lending/loans/" + id;
}
