using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Payments.GiftCards;

/// <summary>What is on a gift card, for whoever has its code.</summary>
/// <param name="LastCharacters">The last four characters of the code.</param>
/// <param name="Available">What is on it and not promised to a payment.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
internal sealed record GiftCardBalance(string LastCharacters, Money Available, DateTimeOffset? ExpiresAt);

/// <param name="Code">As it is printed; blanks, hyphens and the case of letters do not count.</param>
internal sealed record GiftCardBalanceBody(string Code);

internal sealed class GiftCardBalanceBodyValidator : AbstractValidator<GiftCardBalanceBody>
{
    public GiftCardBalanceBodyValidator() => RuleFor(body => body.Code).NotEmpty().MaximumLength(100).NoNul();
}

internal sealed class FindGiftCardEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/gift-cards/balance", static async (GiftCardBalanceBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            // No answer repeats the code, which may be somebody else's with a slip.
            return await sender.Send(new FindGiftCard(body.Code), cancellationToken) is { } card
                ? Results.Ok(new GiftCardBalance(card.LastCharacters, card.Available, card.ExpiresAt))
                : throw new ProblemException(ProblemTypes.NotFound, "There is no gift card with this code, or it has ended.");
        })
        .AllowAnonymous()
        .RequireRateLimiting(RateLimitPolicies.SignIn)
        .NeverConflicts()
        .WithName("GetGiftCardBalance")
        .WithSummary("What is on the gift card with a code. The code is in the body, so that it is in no log.")
        .Produces<GiftCardBalance>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);
}

internal sealed class FindGiftCardHandler(IModuleSession<IPaymentsStore> session, TimeProvider time) : IRequestHandler<FindGiftCard, GiftCardDetails?>
{
    public async Task<GiftCardDetails?> Handle(FindGiftCard request, CancellationToken cancellationToken)
    {
        if (GiftCardCode.Normalise(request.Code) is not { } code)
        {
            return null;
        }

        var hash = GiftCardCode.HashOf(code);
        var now = time.GetUtcNow();
        return await session.Documents.Query<GiftCard>().FirstOrDefaultAsync(card => card.CodeHash == hash, cancellationToken) is { Status: GiftCardStatus.Active } found && !(found.ExpiresAt <= now)
            ? new GiftCardDetails(found.Id, found.LastCharacters, new Money(found.AvailableAt(now), found.Amount.Currency), found.ExpiresAt)
            : null;
    }
}
