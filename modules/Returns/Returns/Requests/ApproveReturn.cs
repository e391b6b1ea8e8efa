using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Returns.Requests;

[RetryOnConflict]
internal sealed record ApproveReturn(Guid ReturnId) : ICommand<Versioned<ReturnView>>;

internal sealed class ApproveReturnEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/returns/{id:guid}/approve", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new ApproveReturn(id), cancellationToken)).Changed(http))
        .RequirePermission("returns:manage")
        .SupportsDryRun()
        .WithName("ApproveReturn")
        .WithSummary("Lets the customer send the goods, which are then waited for. Repeating it answers the same return.")
        .Produces<ReturnView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ApproveReturnHandler(ReturnDesk desk) : IRequestHandler<ApproveReturn, Versioned<ReturnView>>
{
    public async Task<Versioned<ReturnView>> Handle(ApproveReturn request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ReturnId, cancellationToken);
        if (open.Return.Status != ReturnStatus.Approved)
        {
            ReturnTransitions.Next(open.Return.Status, ReturnAction.Approve);
            var approved = desk.Approval(open.Return.Id);
            open.Stream.AppendOne(approved);
            open.Return.Apply(approved);
        }

        return open.View();
    }
}
