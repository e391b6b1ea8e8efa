using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Returns.Requests;

[RetryOnConflict]
internal sealed record RejectReturn(Guid ReturnId, string Reason) : ICommand<Versioned<ReturnView>>;

internal sealed record RejectReturnBody(string Reason);

internal sealed class RejectReturnValidator : AbstractValidator<RejectReturn>
{
    public RejectReturnValidator() => RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
}

internal sealed class RejectReturnEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/returns/{id:guid}/reject", static async (Guid id, RejectReturnBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new RejectReturn(id, body.Reason), cancellationToken)).Changed(http))
        .RequirePermission("returns:manage")
        .SupportsDryRun()
        .WithName("RejectReturn")
        .WithSummary("Does not take the goods back, and says why. Repeating it answers the same return.")
        .Produces<ReturnView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RejectReturnHandler(ReturnDesk desk, TimeProvider time) : IRequestHandler<RejectReturn, Versioned<ReturnView>>
{
    public async Task<Versioned<ReturnView>> Handle(RejectReturn request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ReturnId, cancellationToken);
        if (open.Return.Status != ReturnStatus.Rejected)
        {
            ReturnTransitions.Next(open.Return.Status, ReturnAction.Reject);
            var rejected = new ReturnRejected(request.Reason, time.GetUtcNow());
            open.Stream.AppendOne(rejected);
            open.Return.Apply(rejected);
            await desk.GiveBackAsync(open.Return, cancellationToken);
        }

        return open.View();
    }
}
