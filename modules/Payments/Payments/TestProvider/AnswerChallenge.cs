using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Payments.TestProvider;

/// <summary>What a customer does at the bank of the test provider's card: confirms the payment, or does not.</summary>
internal sealed record AnswerChallenge(string Intent, bool IsConfirmed) : ICommand;

internal sealed class AnswerChallengeValidator : AbstractValidator<AnswerChallenge>
{
    public AnswerChallengeValidator() => RuleFor(command => command.Intent).NotEmpty().MaximumLength(100).NoNul();
}

internal sealed class AnswerChallengeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        Map(app, "confirm", "ConfirmChallenge", "With the test provider: confirms a payment as the customer does.", isConfirmed: true);
        Map(app, "refuse", "RefuseChallenge", "With the test provider: refuses to confirm a payment.", isConfirmed: false);
    }

    private static void Map(IEndpointRouteBuilder app, string verb, string name, string summary, bool isConfirmed) => app
        .MapPost("/test-provider/{intent}/" + verb, async (string intent, IPaymentProvider provider, ISender sender, CancellationToken cancellationToken) =>
        {
            ShowChallengeEndpoint.Require(provider);
            await sender.Send(new AnswerChallenge(intent, isConfirmed), cancellationToken);
            return Results.NoContent();
        })
        .AllowAnonymous()
        .WithName(name)
        .WithSummary(summary)
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class AnswerChallengeHandler(IModuleSession<IPaymentsStore> session, OperationQueue queue, TimeProvider time) : IRequestHandler<AnswerChallenge, Unit>
{
    public async Task<Unit> Handle(AnswerChallenge request, CancellationToken cancellationToken)
    {
        await ShowChallengeHandler.RequireAsync(session.Documents, request.Intent, cancellationToken);
        session.Documents.QueueSqlCommand("update test_intent set state = ? where id = ? and state = 'requires_action'", request.IsConfirmed ? "requires_capture" : "declined", request.Intent);
        session.Documents.QueueSqlCommand("update provider_operation set next_attempt_at = ? where intent = ? and not is_leased and state = 'waiting'", time.GetUtcNow(), request.Intent);
        session.RecordChange("test_intent", request.Intent, "stored");
        session.AfterCommit(queue.Wake);
        return Unit.Value;
    }
}
