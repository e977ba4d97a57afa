import 'counterfoil/elements';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { names, quoteWith } from '../shop.js';

function Checkout() {
  const [codes, setCodes] = useState([]);
  const quote = quoteWith(codes);
  return (
    <>
      <counterfoil-code-field
        quote={quote}
        names={names}
        oncounterfoil-enter-code={(event) => setCodes([...codes, event.detail])}
        oncounterfoil-remove-code={(event) => setCodes(codes.filter((code) => code !== event.detail))}
      />
      <counterfoil-savings quote={quote} names={names} />
    </>
  );
}

createRoot(document.getElementById('app')).render(<Checkout />);
