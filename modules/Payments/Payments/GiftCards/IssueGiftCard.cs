using System.Text.Json.Serialization;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.GiftCards;

internal sealed record IssueGiftCard(Money Amount, string Reason, DateTimeOffset? ExpiresAt) : ICommand<GiftCardView>
{
    /// <summary>What the handler has made up; null when the answer of an earlier request is repeated. It is stored nowhere, and so is no part of the answer, which is stored.</summary>
    [JsonIgnore]
    public string? IssuedCode { get; set; }
}

/// <summary>A gift card to be issued.</summary>
/// <param name="Amount">More than nothing.</param>
/// <param name="Reason"><c>sold</c>, <c>goodwill</c> or <c>refund</c>.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
internal sealed record IssueGiftCardBody(Money Amount, string Reason, DateTimeOffset? ExpiresAt = null);

/// <summary>A gift card that was issued.</summary>
/// <param name="Card">The card.</param>
/// <param name="Code">What its owner pays with. It is in the first answer only: it is not stored, and a repetition of the request has null. A code that was lost is cancelled and issued anew.</param>
internal sealed record IssuedGiftCard(GiftCardView Card, string? Code);

internal sealed class IssueGiftCardValidator : AbstractValidator<IssueGiftCard>
{
    private const long LargestAmount = 1_000_000_000;
    private static readonly string[] Reasons = ["sold", "goodwill", "refund"];

    public IssueGiftCardValidator(TimeProvider time)
    {
        RuleFor(command => command.Amount).Must(static amount => amount.Amount is > 0 and <= LargestAmount).WithMessage($"The amount is more than nothing and at most {LargestAmount} minor units.");
        RuleFor(command => command.Reason).Must(static reason => Reasons.Contains(reason)).WithMessage($"The reason is one of {string.Join(", ", Reasons)}.");
        RuleFor(command => command.ExpiresAt).Must(at => at is null || at > time.GetUtcNow()).WithMessage("The card ends in the future.");
    }
}

internal sealed class IssueGiftCardEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/gift-cards", static async (IssueGiftCardBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var command = new IssueGiftCard(body.Amount, body.Reason, body.ExpiresAt);
            var card = await sender.Send(command, cancellationToken);
            http.Response.Headers.CacheControl = "no-store";
            return Results.Created("/api/payments/gift-cards/" + card.Id, new IssuedGiftCard(card, command.IssuedCode));
        })
        .RequirePermission("payments:manage")
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("IssueGiftCard")
        .WithSummary("Issues a gift card. Its code is in this answer only.")
        .Produces<IssuedGiftCard>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class IssueGiftCardHandler(IModuleSession<IPaymentsStore> session, TimeProvider time) : IRequestHandler<IssueGiftCard, GiftCardView>
{
    public Task<GiftCardView> Handle(IssueGiftCard request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        request.IssuedCode = GiftCardCode.New();
        var code = GiftCardCode.Normalise(request.IssuedCode)!;
        var issued = new CardIssued(GiftCardCode.HashOf(code), code[^4..], request.Amount, request.Reason, request.ExpiresAt, now);
        session.Events.StartStream<GiftCard>(id, issued);
        session.Publish(new GiftCardIssued(id, request.Amount, request.Reason, now));
        if (request.ExpiresAt is { } expiresAt)
        {
            session.Schedule(id, expiresAt, new EndGiftCard(id));
        }

        return Task.FromResult(GiftCardView.Of(GiftCard.Create(issued) with { Id = id }));
    }
}
