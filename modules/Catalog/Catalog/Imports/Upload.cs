using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Takes the file out of a request, as the body itself or as the first file of a form.</summary>
internal static class Upload
{
    /// <summary>What a form may add to its file: boundaries, headers, small fields.</summary>
    public const long FormOverhead = 1 << 16;

    private const int MostParts = 20;

    public static async Task<UploadedFile> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            throw new ProblemException(ImportProblems.NotCsv, "The request has no Content-Type. Send the file with Content-Type: text/csv.");
        }

        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(ImportProblems.NotCsv, "The file has to be in UTF-8. Save it as 'CSV UTF-8'.");
        }

        if (type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase))
        {
            return await UploadedFile.ReceiveAsync(request.Body, UploadedFile.CreateTemporary, UploadedFile.MaximumBytes, cancellationToken);
        }

        return type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? await FromFormAsync(request, type, cancellationToken)
            : throw new ProblemException(ImportProblems.NotCsv, "Send the file with Content-Type: text/csv, or in a multipart/form-data form.");
    }

    private static async Task<UploadedFile> FromFormAsync(HttpRequest request, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, "The form's Content-Type has no valid boundary.");
        }

        try
        {
            var form = new MultipartReader(boundary, request.Body);
            // Each part costs far more than its bytes, and a file's limit has room for millions of empty ones.
            for (var part = 0; part < MostParts && await form.ReadNextSectionAsync(cancellationToken) is { } section; part++)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && disposition.IsFileDisposition())
                {
                    return await UploadedFile.ReceiveAsync(section.Body, UploadedFile.CreateTemporary, UploadedFile.MaximumBytes, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested))
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, "The form could not be read: it ends too early or its parts are malformed.", exception);
        }

        throw new ProblemException(ProblemTypes.MalformedRequest, $"The form has no file among its first {MostParts} parts. Send the CSV file as a form field with a file name.");
    }
}
