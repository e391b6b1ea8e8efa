using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Counts;

/// <summary>Begins a count at a location.</summary>
internal sealed record OpenCount(string Location = Locations.Location.DefaultCode, string? Note = null) : ICommand<CountView>;

internal sealed class OpenCountValidator : AbstractValidator<OpenCount>
{
    public OpenCountValidator()
    {
        RuleFor(command => command.Location).IsLocation();
        RuleFor(command => command.Note).IsNote();
    }
}

internal sealed class OpenCountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/counts", static async (OpenCount body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var count = await sender.Send(body, cancellationToken);
            EntityTags.Write(http, 1);
            return Results.Created("/api/inventory/counts/" + count.Id, count);
        })
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("OpenCount").WithSummary("Begins a count of the stock at a location.")
        .Produces<CountView>(201).ProducesProblem(400).ProducesProblem(422);
}

internal sealed class OpenCountHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<OpenCount, CountView>
{
    public async Task<CountView> Handle(OpenCount request, CancellationToken cancellationToken)
    {
        await Location.RequireAsync(session.Documents, request.Location, cancellationToken);
        var now = time.GetUtcNow();
        var count = new StockCount { Id = Guid.CreateVersion7(now), Location = request.Location, Note = request.Note, OpenedAt = now };
        session.Documents.Insert(count);
        return CountView.Of(count, 1).View;
    }
}
