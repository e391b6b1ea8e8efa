using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Imports a file of products: all of it or nothing.</summary>
/// <param name="File">The uploaded file; its structure is checked.</param>
/// <param name="DryRun">Whether to find out only what the import would do.</param>
internal sealed record ImportProducts(UploadedFile File, bool DryRun) : ICommand<ImportReport>;

internal sealed class ImportProductsValidator : AbstractValidator<ImportProducts>
{
    public ImportProductsValidator() => RuleFor(command => command.File).NotNull();
}

internal sealed class ImportProductsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/imports", static async (HttpRequest request, ISender sender, CancellationToken cancellationToken, bool dryRun = false) =>
        {
            try
            {
                await using var file = await Upload.ReceiveAsync(request, cancellationToken);
                if (Preferences.RespondAsync(request.HttpContext))
                {
                    var accepted = await sender.Send(new AcceptImport(file, dryRun), cancellationToken);
                    return Results.Accepted("/api/catalog/imports/" + accepted.Id, accepted);
                }

                var report = await sender.Send(new ImportProducts(file, dryRun), cancellationToken);
                return Results.Created("/api/catalog/imports/" + report.Id, report);
            }
            catch (CsvFormatException malformed)
            {
                throw ImportProblems.RefusedFor(malformed);
            }
        })
        .RequirePermission("catalog:write")
        .WithMetadata(new RequestSizeLimitAttribute(UploadedFile.MaximumBytes + Upload.FormOverhead))
        .Accepts<Stream>("text/csv", "multipart/form-data")
        .WithName("ImportProducts")
        .WithSummary("Imports products from a Shopify product CSV.")
        .WithDescription("Everything is imported or nothing. Products are found by their handle; what is in the catalogue and not in the file stays. Repeating an import changes nothing. With dryRun=true the file is checked and the report says what would happen. With Prefer: respond-async the file is accepted once it has arrived, and the report at the answer's Location says how far it is.")
        .MayRespondAsync<ImportReport>()
        .Produces<ImportReport>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage);
}

internal sealed class ImportProductsHandler(IModuleSession<ICatalogStore> session, ProductImport import, TimeProvider time) : IRequestHandler<ImportProducts, ImportReport>
{
    public async Task<ImportReport> Handle(ImportProducts request, CancellationToken cancellationToken)
    {
        var report = await import.RunAsync(request.File, Guid.CreateVersion7(time.GetUtcNow()), request.DryRun, cancellationToken);
        if (request.DryRun)
        {
            session.Documents.Insert(report);
        }

        return report;
    }
}
