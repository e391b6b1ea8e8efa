using System.Buffers;
using System.Runtime.CompilerServices;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Imports;

/// <summary>An uploaded file on the temporary disk, checked while it arrived. It is gone as soon as it is closed, and also when the process dies.</summary>
internal sealed class UploadedFile : IAsyncDisposable
{
    /// <summary>The largest file in bytes.</summary>
    public const long MaximumBytes = 256L << 20;

    private readonly Stream _file;

    private UploadedFile(Stream file) => _file = file;

    /// <summary>Receives a file.</summary>
    /// <param name="body">Where it comes from.</param>
    /// <param name="create">Makes the place where it is kept.</param>
    /// <param name="maximumBytes">The largest size.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <returns>The file.</returns>
    /// <exception cref="CsvFormatException">It is not CSV text in UTF-8.</exception>
    /// <exception cref="ProblemException">It is too large, or there is no room for it.</exception>
    public static async Task<UploadedFile> ReceiveAsync(Stream body, Func<Stream> create, long maximumBytes, CancellationToken cancellationToken)
    {
        var structure = new CsvStructure();
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        var file = Keep(create);
        try
        {
            long received = 0;
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                received += read;
                if (received > maximumBytes)
                {
                    throw new ProblemException(ImportProblems.TooLarge, $"The file has more than {maximumBytes:N0} bytes. Split it between two products and import the parts one after the other.");
                }

                structure.Feed(buffer.AsSpan(0, read));
                await WriteAsync(file, buffer.AsMemory(0, read), cancellationToken);
            }

            structure.Complete();
            return new UploadedFile(file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A new file in the temporary folder that has no name any more as soon as the system allows it.</summary>
    /// <returns>An empty file.</returns>
    public static FileStream CreateTemporary()
    {
        var path = Path.Combine(Path.GetTempPath(), "catalog-import-" + Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }

    /// <summary>The file from its beginning. One reader at a time; closing it does not close the file.</summary>
    /// <returns>A reader of its rows.</returns>
    public ShopifyCsvReader Read()
    {
        _file.Position = 0;
        return new ShopifyCsvReader(_file);
    }

    /// <summary>The file from its beginning, as bytes.</summary>
    /// <param name="partBytes">The size of all parts but the last.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Its parts, each an array of its own.</returns>
    public async IAsyncEnumerable<byte[]> ReadPartsAsync(int partBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _file.Position = 0;
        var part = new byte[partBytes];
        for (int read; (read = await _file.ReadAtLeastAsync(part, partBytes, throwOnEndOfStream: false, cancellationToken)) > 0;)
        {
            yield return part[..read];
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static Stream Keep(Func<Stream> create)
    {
        try
        {
            return create();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NoSpace(exception);
        }
    }

    private static async Task WriteAsync(Stream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
            await file.FlushAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw NoSpace(exception);
        }
    }

    private static ProblemException NoSpace(Exception cause) =>
        new(ImportProblems.NoSpace, "The file could not be kept while it is checked: the service's temporary disk is full or cannot be written. Nothing was imported.", cause);
}
