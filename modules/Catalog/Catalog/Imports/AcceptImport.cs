using FluentValidation;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Takes a file whose import nobody waits for. It is imported soon, by whichever host comes to it, also when this one ends.</summary>
/// <param name="File">The uploaded file; its structure is checked.</param>
/// <param name="DryRun">Whether to find out only what the import would do.</param>
internal sealed record AcceptImport(UploadedFile File, bool DryRun) : ICommand<ImportReport>;

internal sealed class AcceptImportValidator : AbstractValidator<AcceptImport>
{
    public AcceptImportValidator() => RuleFor(command => command.File).NotNull();
}

internal sealed class AcceptImportHandler(IModuleSession<ICatalogStore> session, ImportParts parts, TimeProvider time) : IRequestHandler<AcceptImport, ImportReport>
{
    public async Task<ImportReport> Handle(AcceptImport request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var report = new ImportReport
        {
            Id = Guid.CreateVersion7(now),
            Status = ImportStatus.Accepted,
            DryRun = request.DryRun,
            Rows = 0,
            Products = new ImportedProducts(0, 0, 0),
            Variants = 0,
            StartedAt = now,
            CompletedAt = null,
        };
        await parts.KeepAsync(report.Id, request.File, cancellationToken);
        session.Documents.Insert(report);
        session.Schedule(report.Id, now, new RunImport(report.Id));
        return report;
    }
}
