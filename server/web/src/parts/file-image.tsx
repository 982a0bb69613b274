import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { fetchFile } from "../api/client";

/** A picture that needs the log-in; its place is kept while it comes, so that nothing moves. */
export function FileImage({ path, className }: { path: string; className: string }) {
  const file = useQuery({ queryKey: ["file", path], queryFn: ({ signal }) => fetchFile(path, signal), retry: false });
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (file.data === undefined) return undefined;
    const made = URL.createObjectURL(file.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file.data]);
  return url ? <img src={url} alt="" className={`${className} object-cover`} /> : <div className={`${className} bg-raised`} />;
}
