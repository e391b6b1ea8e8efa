[assembly: System.Runtime.CompilerServices.TypeForwardedTo(typeof(ModularMonolith.Shelves.Copies.ShelfCard))] // finds: module-references ""
